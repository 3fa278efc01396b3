// A few drawings in lines, 24 by 24.

const PATHS = {
  send: "M4 12l16-8-6 16-3-6-7-2z",
  clip: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.5 17a1.7 1.7 0 0 1-2.4-2.4L14.5 7",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  album: "M7 3h14v12H7zM3 7v14h14M10 12l3-3 2 2 2-2 2 2",
  voice: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4",
  film: "M3 6h12v12H3zM15 10l6-3v10l-6-3",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6",
  place: "M12 21s7-6.5 7-11a7 7 0 1 0-14 0c0 4.500 7 11 7 11zM12 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  device: "M12 4v11M8 11l4 4 4-4M4 19h16",
  slash: "M15 4L9 20",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14s1.200 2 3.500 2 3.500-2 3.500-2M9 9.500h.01M15 9.500h.01",
  thread: "M4 5h16v11H9l-5 4z",
  close: "M6 6l12 12M18 6L6 18",
  back: "M15 5l-7 7 7 7",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
  reply: "M10 6L4 12l6 6M4 12h10a6 6 0 0 1 6 6",
  bin: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  block: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  cloud: "M7 18a4.500 4.500 0 0 1 0-9 6 6 0 0 1 11.500 1.500A3.800 3.800 0 0 1 18 18z",
  story: "M5 5h14M5 10h14M5 15h9M5 20h6",
  moon: "M20 14a8 8 0 1 1-9-11 6.500 6.500 0 0 0 9 11z",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  down: "M12 5v14M6 13l6 6 6-6",
  card: "M3 6h18v13H3zM3 10.500h18M7 15.500h4",
  receipt: "M6 3h12v18l-3-2-3 2-3-2-3 2zM9.500 8h5M9.500 12h5",
  done: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12.500l2.800 2.800L16 9.500",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
};

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true", focusable: "false" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
