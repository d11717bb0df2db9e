// Offers to send this device's position, rounded, in the body of a form: only when asked to.
"use strict";
for (const form of document.querySelectorAll("form.near-here")) {
  if (!navigator.geolocation) continue;
  form.hidden = false;
  form.addEventListener("submit", (sending) => {
    if (form.latitude.value) return;
    sending.preventDefault();
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      form.latitude.value = coords.latitude.toFixed(2);
      form.longitude.value = coords.longitude.toFixed(2);
      form.submit();
    }, () => {
      const line = document.createElement("p");
      line.className = "notice wait";
      line.setAttribute("role", "status");
      line.textContent = form.dataset.refused;
      form.querySelector(".notice")?.remove();
      form.append(line);
    }, { maximumAge: 600000, timeout: 20000 });
  });
}
