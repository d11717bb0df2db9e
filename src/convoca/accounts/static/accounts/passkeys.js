/* Passkeys: show their forms where the browser knows them, and say in words when one did not work. */
(function () {
  const knows = typeof window.PublicKeyCredential === "function";
  document.querySelectorAll("[data-needs-passkeys]").forEach((part) => { part.hidden = !knows; });
  if (!knows) document.querySelectorAll("[data-passkey-missing]").forEach((part) => { part.hidden = false; });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.querySelectorAll("[data-passkey-trouble]").forEach((part) => { part.hidden = false; });
  });
})();
