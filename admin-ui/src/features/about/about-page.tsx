import { useModels } from "../../shared/api/models.ts";
import { useSystem } from "../../shared/api/system.ts";
import { useText, wordFor } from "../../shared/i18n/use-text.ts";
import { Logo } from "../../shared/ui/icon.tsx";
import { PageHead, Panel } from "../../shared/ui/parts.tsx";
import { Table } from "../../shared/ui/table.tsx";
import { COMPONENTS } from "./components.ts";
import "./about.css";

export function AboutPage() {
  const { t } = useText();
  const system = useSystem(60_000);
  const models = useModels();
  const licensed = (models.data?.models ?? []).filter((model) => model.licence !== "");
  return (
    <>
      <PageHead title={t("shell.page.about")} />
      <div className="stack">
        <Panel>
          <div className="about-head">
            <Logo size={56} />
            <div>
              <p className="about-name">
                {t("about.product")}{" "}
                <span className="muted num">
                  {t("about.version")} {system.data?.version ?? "…"}
                </span>
              </p>
              <p>{t("about.lead")}</p>
              <p className="muted">{t("about.licence")}</p>
              <p className="muted">{t("about.egress")}</p>
            </div>
          </div>
        </Panel>
        <Panel title={t("about.builtWith")} flush>
          <Table
            label={t("about.builtWith")}
            rows={COMPONENTS}
            rowKey={(row) => row.name}
            columns={[
              {
                key: "name",
                title: t("about.component"),
                render: (row) => (
                  <>
                    {row.name} <span className="muted">© {row.by}</span>
                  </>
                ),
              },
              { key: "use", width: "170px", title: t("about.use"), render: (row) => t(`about.uses.${row.use}`) },
              { key: "licence", title: t("about.licenceCol"), width: "140px", render: (row) => row.licence },
            ]}
          />
        </Panel>
        {licensed.length > 0 && (
          <Panel title={t("about.models")} flush>
            <Table
              label={t("about.models")}
              rows={licensed}
              rowKey={(row) => `${row.id}${row.version}`}
              columns={[
                {
                  key: "name",
                  title: t("about.component"),
                  render: (row) => (
                    <>
                      <code>{row.id}</code> <span className="muted">{row.attribution}</span>
                    </>
                  ),
                },
                {
                  key: "use",
                  width: "170px",
                  title: t("about.use"),
                  render: (row) => wordFor(t, "models.task", row.task),
                },
                { key: "licence", title: t("about.licenceCol"), width: "300px", render: (row) => row.licence },
              ]}
            />
          </Panel>
        )}
      </div>
    </>
  );
}
