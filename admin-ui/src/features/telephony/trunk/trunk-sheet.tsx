import { TRUNK_TEMPLATES, type Trunk, type TrunkTemplate } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Segmented from "antd/es/segmented";
import Select from "antd/es/select";
import { useSession } from "../../../shared/api/session.ts";
import { fullTime } from "../../../shared/format/time.ts";
import { useText } from "../../../shared/i18n/use-text.ts";
import { Icon } from "../../../shared/ui/icon.tsx";
import { Loaded } from "../../../shared/ui/loaded.tsx";
import { useNow } from "../../../shared/ui/now.ts";
import { useUrlFilter } from "../../../shared/ui/url-filter.ts";
import { useTrunkSheet } from "../api/trunk-sheet.ts";
import "./trunk-sheet.css";

/** What to enter on the other side, to be printed for whoever runs it: in their language, for their kind of PBX. */
export function TrunkSheet({ trunk }: { readonly trunk: Trunk }) {
  const { t, language: own } = useText();
  const now = useNow();
  const siteName = useSession().data?.siteName ?? "";
  const [language, setLanguage] = useUrlFilter("language", own);
  const [template, setTemplate] = useUrlFilter("for", trunk.template);
  const known = TRUNK_TEMPLATES.find((each) => each === template) ?? trunk.template;
  const sheet = useTrunkSheet(trunk.id, { language: language === "en" ? "en" : "zh", template: known });
  return (
    <>
      <div className="filters no-print">
        <span className="muted sheet-lead">{t("trunk.sheet.lead")}</span>
        <Select<TrunkTemplate>
          aria-label={t("trunk.sheet.for")}
          value={known}
          onChange={setTemplate}
          popupMatchSelectWidth={false}
          options={TRUNK_TEMPLATES.map((value) => ({ value, label: t(`trunk.template.${value}`) }))}
        />
        <Segmented
          aria-label={t("trunk.sheet.language")}
          value={language}
          onChange={setLanguage}
          options={[
            { value: "zh", label: t("common.lang.zh") },
            { value: "en", label: t("common.lang.en") },
          ]}
        />
        <Button type="primary" icon={<Icon name="print" size={14} />} onClick={() => window.print()}>
          {t("trunk.sheet.print")}
        </Button>
      </div>
      <Loaded of={sheet}>
        {({ title, sections }) => (
          <article className="sheet" lang={language === "en" ? "en" : "zh-CN"}>
            <header className="sheet-head">
              <h2>{title}</h2>
              <p className="subtle">
                {t("trunk.sheet.made", {
                  site: siteName,
                  revision: trunk.revision,
                  when: fullTime(now - (now % 60_000), own),
                })}
              </p>
            </header>
            {sections.map((section) => (
              <section key={section.title}>
                <h3>{section.title}</h3>
                <table>
                  <thead>
                    <tr>
                      <th scope="col">{t("trunk.sheet.where")}</th>
                      <th scope="col">{t("trunk.sheet.enter")}</th>
                      <th scope="col">{t("trunk.sheet.why")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {section.rows.map((row) => (
                      <tr key={row.where + row.enter}>
                        <th scope="row">{row.where}</th>
                        <td>{row.enter}</td>
                        <td>{row.why}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </section>
            ))}
          </article>
        )}
      </Loaded>
    </>
  );
}
