/* What is typed, kept on this device until the server has it: one entry a record, encrypted with a key that the
   server gives to this person only while logged in. Without the log-in nobody can read it here. */

const NAME = "grevy", TABLE = "kept";

function request(made) {
  return new Promise((resolve, reject) => { made.onsuccess = () => resolve(made.result); made.onerror = () => reject(made.error); });
}

async function table(mode) {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
  return (await request(opening)).transaction(TABLE, mode).objectStore(TABLE);
}

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));

export class Store {
  /** The records of which this person has something here, whose names begin so. */
  static async records(user, prefix) {
    const start = `${user}|${prefix}`;
    try {
      const names = await request((await table("readonly")).getAllKeys(IDBKeyRange.bound(start, `${start}\uffff`)));
      return names.map((name) => name.slice(user.length + 1));
    } catch { return []; } // a device that keeps nothing
  }

  /** `user` and `record` name the entry; `key` is 64 hexadecimal digits. */
  constructor(user, record, key) {
    this.name = `${user}|${record}`;
    // Without a secure context (plain HTTP on another machine) browsers give no cipher: then nothing is kept here.
    this.key = globalThis.crypto?.subtle
      ? crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["encrypt", "decrypt"]) : null;
    this.last = Promise.resolve();
  }

  /** Writes follow each other in the order in which they were asked for. A device that cannot keep (no room, a
      private window) hinders nothing else: the server keeps the draft. The answer says whether it is kept here. */
  keep(entry) { return (this.last = this.last.then(() => this.#write(entry)).then(() => true, () => false)); }

  async #write(entry) {
    if (!this.key) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(entry));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.key, plain);
    await request((await table("readwrite")).put({ iv, sealed }, this.name));
  }

  async read() {
    if (!this.key) return null;
    const found = await request((await table("readonly")).get(this.name));
    if (!found) return null;
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: found.iv }, await this.key, found.sealed);
    return JSON.parse(new TextDecoder().decode(plain));
  }

  forget() { return (this.last = this.last.then(async () => request((await table("readwrite")).delete(this.name))).then(() => true, () => false)); }
}
