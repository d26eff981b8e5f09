/** Counts the top-level results of a TAP stream (https://testanything.org, version 14): lines of subtests are indented. */
export function countTap(output: string): { readonly passed: number; readonly failed: number } {
  let passed = 0;
  let failed = 0;
  for (const line of output.split("\n")) {
    if (/^not ok\b/.test(line)) failed += /#\s*(todo|skip)\b/i.test(line) ? 0 : 1;
    else if (/^ok\b/.test(line)) passed += /#\s*(todo|skip)\b/i.test(line) ? 0 : 1;
  }
  return { passed, failed };
}
