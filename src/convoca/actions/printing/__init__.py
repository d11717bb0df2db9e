"""What an action is printed and shared with: facts in, bytes and words out. No database."""
