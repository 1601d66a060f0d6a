/** An SVG of the page as an image of its own: what the page's style says of it is written into it. */
const KEPT = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-variant-numeric',
  'text-anchor',
  'dominant-baseline',
  'visibility',
  'display',
] as const;

/** Make an image of it, ready to be drawn. Throws when the browser cannot read it. */
export async function inlined(svg: SVGSVGElement): Promise<HTMLImageElement> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [shown, copied] = [parts(svg), parts(copy)];
  shown.forEach((part, index) => copyStyle(part, copied[index]));
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}

const parts = (svg: SVGSVGElement) => [svg, ...svg.querySelectorAll<SVGElement>('*')];

/** As attributes, since a style attribute of another document is not ours to trust. */
function copyStyle(from: SVGElement, to: SVGElement | undefined): void {
  if (!to) return;
  const style = getComputedStyle(from);
  for (const name of KEPT) {
    const value = style.getPropertyValue(name);
    if (value) to.setAttribute(name, value);
  }
  to.removeAttribute('class');
}
