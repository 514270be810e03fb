/** Copies a report on this installation, and shows what was copied: whoever sends it along has seen it. */
import { useState } from 'react';
import { useAct } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Code } from '../../components/code.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';

const words = texts.settings.about;

interface Report {
  readonly text: string;
  readonly isCopied: boolean;
}

export function ReportButton() {
  const diagnose = useAct('host.diagnose');
  const [report, setReport] = useState<Report | null>(null);
  const make = async (): Promise<void> => {
    const { text } = await diagnose.mutateAsync({});
    setReport({ text, isCopied: await wasCopied(text) });
  };
  return (
    <>
      <Button onPress={() => void make().catch(sayFailed)} isDisabled={diagnose.isPending}>
        {words.report}
      </Button>
      {report !== null && (
        <Dialog
          isOpen
          wide
          title={words.reportTitle}
          onClose={() => setReport(null)}
          actions={<Button onPress={() => setReport(null)}>{texts.actions.close}</Button>}
        >
          <p>
            {words.reportText} {report.isCopied && words.reportCopied}
          </p>
          <Code label={words.reportTitle}>{report.text}</Code>
        </Dialog>
      )}
    </>
  );
}

/** A browser may not let a page write to the clipboard that it was not just pressed in. */
const wasCopied = (text: string): Promise<boolean> =>
  navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
