import * as ort from "onnxruntime-node";

export { ort };

/**
 * Opens a session for one worker thread. `run` of onnxruntime-node works on the calling thread, so a session with one thread keeps
 * a model inside its worker. Spinning is off: idle threads that burn a core would slow the calls beside them.
 */
export async function openSession(file: string, threads: number): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(file, {
    executionProviders: ["cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
}
