"""Pages and screens of the network."""
