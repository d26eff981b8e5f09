/**
 * Some parts of Ant Design (the scroll lock of dialogs, the scroll bar's measure) make `<style>` elements without the nonce
 * that the rest of it takes from ConfigProvider. Under our policy they would be refused, so each style element gets it here.
 * Called once, before anything is drawn.
 */
export function giveStylesTheNonce(): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
  if (nonce === undefined || nonce === "") return;
  const create = document.createElement.bind(document);
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const element = create(tag, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  }) as typeof document.createElement;
}
