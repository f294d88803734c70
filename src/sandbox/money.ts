/** An amount as Freshsales writes it: `5600` is "5600.0", `1234.5` is "1234.5". */
export function money(amount: number): string {
  const text = amount.toFixed(2).replace(/0$/, '');
  return text.endsWith('.') ? `${text}0` : text;
}
