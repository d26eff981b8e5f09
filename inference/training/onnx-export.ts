/** Writes the model as ONNX: look up the rows, weigh them, add them up. `contributions` shows which feature said what. */
import proto from "onnx-proto";
import type { Quantised, Softmax } from "./softmax.ts";

const FLOAT = 1;
const INT8 = 3;
const INT64 = 7;

const shape = (...dims: (string | number)[]) => ({
  dim: dims.map((dim) => (typeof dim === "number" ? { dimValue: dim } : { dimParam: dim })),
});
const valueInfo = (name: string, elemType: number, ...dims: (string | number)[]) => ({
  name,
  type: { tensorType: { elemType, shape: shape(...dims) } },
});
const int = (name: string, value: number) => ({ name, type: 2, i: value });

export function exportOnnx(model: Softmax, quantised: Quantised, temperature: number): Uint8Array {
  const { classes, buckets, bias } = model;
  const floats = (name: string, values: ArrayLike<number>, ...dims: number[]) => ({
    name,
    dataType: FLOAT,
    dims,
    rawData: new Uint8Array(Float32Array.from(values).buffer),
  });
  const graph = {
    name: "text-emotion",
    input: [valueInfo("indices", INT64, "n"), valueInfo("values", FLOAT, "n", 1)],
    output: [valueInfo("probabilities", FLOAT, 1, classes), valueInfo("contributions", FLOAT, "n", classes)],
    initializer: [
      { name: "weights", dataType: INT8, dims: [buckets, classes], rawData: new Uint8Array(quantised.weights.buffer) },
      floats("scale", [quantised.scale]),
      floats("bias", bias, 1, classes),
      floats("temperature", [temperature]),
    ],
    node: [
      { opType: "Gather", input: ["weights", "indices"], output: ["rows8"], attribute: [int("axis", 0)] },
      { opType: "Cast", input: ["rows8"], output: ["rows"], attribute: [int("to", FLOAT)] },
      { opType: "Mul", input: ["rows", "scale"], output: ["scaled"] },
      { opType: "Mul", input: ["scaled", "values"], output: ["contributions"] },
      { opType: "ReduceSum", input: ["contributions", "axes"], output: ["sum"], attribute: [int("keepdims", 1)] },
      { opType: "Add", input: ["sum", "bias"], output: ["logits"] },
      { opType: "Div", input: ["logits", "temperature"], output: ["cooled"] },
      { opType: "Softmax", input: ["cooled"], output: ["probabilities"], attribute: [int("axis", 1)] },
    ],
  };
  const axes = { name: "axes", dataType: INT64, dims: [1], rawData: new Uint8Array(BigInt64Array.of(0n).buffer) };
  graph.initializer.push(axes as never);
  return proto.onnx.ModelProto.encode(
    proto.onnx.ModelProto.fromObject({
      irVersion: 8,
      producerName: "intramuros",
      opsetImport: [{ domain: "", version: 13 }],
      graph,
    }),
  ).finish();
}
