/** What the built console contains of others; the versions are those of package.json. */
export const COMPONENTS = [
  { name: "React", use: "ui", licence: "MIT", by: "Meta Platforms, Inc." },
  { name: "Ant Design", use: "components", licence: "MIT", by: "Ant UED" },
  { name: "TanStack Query", use: "data", licence: "MIT", by: "Tanner Linsley" },
  { name: "React Router", use: "router", licence: "MIT", by: "Remix Software, Shopify Inc." },
  { name: "Apache ECharts", use: "charts", licence: "Apache-2.0", by: "The Apache Software Foundation" },
  { name: "ZRender", use: "charts", licence: "BSD-3-Clause", by: "Baidu Inc." },
  { name: "i18next, react-i18next", use: "text", licence: "MIT", by: "i18next" },
  { name: "TypeBox", use: "check", licence: "MIT", by: "Haydn Paterson" },
] as const;
