// The whole screen for a story: full screen where the browser allows it, else over all of the page.

export class Screen {
  // `left()` is called when the browser has ended full screen by itself.
  constructor(root, left) {
    Object.assign(this, { root, left });
  }

  get full() { return document.fullscreenElement === this.root; }

  cover() {
    this.covering = true;
    document.addEventListener("fullscreenchange", this.onchange = () => this.changed());
    this.expand();
  }

  uncover() {
    this.covering = false;
    document.removeEventListener("fullscreenchange", this.onchange);
    this.down();
    if (this.full) document.exitFullscreen().catch(() => {});
  }

  // An element that lies over the page as a popover cannot fill the screen, and needs not.
  async expand() {
    this.down();
    try {
      await this.root.requestFullscreen({ navigationUI: "hide" });
    } catch {
      if (this.covering) this.up();
    }
  }

  up() {
    if (!this.root.showPopover || this.root.hasAttribute("popover")) return;
    this.root.setAttribute("popover", "manual");
    this.root.showPopover();
  }

  down() { this.root.removeAttribute("popover"); }

  toggle() {
    if (!this.full) return this.expand();
    this.stays = true;
    return document.exitFullscreen();
  }

  // Another window is about to open, for which browsers end full screen: the show goes on over the page.
  stay() { this.stays = this.full; }

  changed() {
    if (this.full || !this.covering) return;
    if (this.stays) this.up();
    else this.left();
    this.stays = false;
  }
}
