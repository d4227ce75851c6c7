// Brings the script and styles of a component in, once, and hands every update of the component to it.

const address = (name) => new URL(`/assets/${name}?v=VERSION`, location.origin).href;
const styled = (href) => document.querySelector(`link[href="${href}"]`) ? Promise.resolve() : new Promise((done) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: done, onerror: done });
  document.head.append(link);
});
const ready = Promise.all([import(address("SCRIPT.js")), styled(address("SCRIPT.css"))]);
const hosts = new WeakMap();
export default function (given) {
  const root = given.parentElement.querySelector(".HOST");
  const known = hosts.get(root), life = known && !known.gone ? known : { gone: false };
  hosts.set(root, life);
  life.given = given;
  ready.then(([module]) => { if (!life.gone) life.end = module.component(life.given); });
  return () => { life.gone = true; life.end?.(); };
}
