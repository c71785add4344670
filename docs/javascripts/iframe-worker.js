/* The search of the theme runs in a worker, which browsers refuse to a page that was opened from a folder. There, and
   only there, this takes the place of the worker: the same script in a hidden frame, with messages both ways. */
"use strict";

if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      this.inside = frame.contentWindow;
      this.inside.document.open();
      this.inside.document.write("<script></" + "script>");
      this.inside.document.close();
      this.inside.postMessage = (data) => {
        const event = new MessageEvent("message", { data });
        this.dispatchEvent(event);
        this.onmessage?.(event);
      };
      this.ready = new Promise((done, failed) => {
        const script = this.inside.document.createElement("script");
        script.src = String(address);
        script.onload = done;
        script.onerror = failed;
        this.inside.document.body.append(script);
      });
    }

    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new MessageEvent("message", { data })));
    }

    terminate() { this.inside.frameElement?.remove(); }
  };
}
