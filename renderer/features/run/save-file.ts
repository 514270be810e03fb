/** Gives something that the page made to the user as a file; the browser engine asks or knows where to. */

export function saveText(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  save(name, address);
  // After the download has begun.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** `picture`: a data address. */
export const savePicture = (name: string, picture: string): void => save(name, picture);

function save(name: string, address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name.replace(/[\\/:*?"<>|]/g, '-');
  link.click();
}
