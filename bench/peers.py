"""Who is timed: each peer turns a workload into a function from rows to scikit-learn's output.

A peer may raise `Unavailable` with its reason; it is then named as skipped. Whatever conversion of
the input a peer needs happens inside its function, as a user's call would.
"""

import numpy as np


class Unavailable(Exception):
    pass


def scikit_learn(workload, _path):
    return getattr(workload.model, workload.method)


def libskops(workload, path):
    try:
        from libskops import Model
    except ImportError as error:
        raise Unavailable(str(error)) from error
    return getattr(Model.load(path), workload.method)


def onnx_session(content):
    """An ONNX Runtime session of one thread."""
    try:
        import onnxruntime
    except ImportError as error:
        raise Unavailable(str(error)) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def onnx_model(workload):
    """The converted model's bytes."""
    try:
        from skl2onnx import to_onnx
        from skl2onnx.common.data_types import FloatTensorType, StringTensorType
    except ImportError as error:
        raise Unavailable(str(error)) from error
    if isinstance(workload.rows, list):
        initial = [("X", StringTensorType([None, 1]))]
    else:
        initial = [("X", FloatTensorType([None, workload.rows.shape[1]]))]
    final = workload.model.steps[-1][1] if hasattr(workload.model, "steps") else workload.model
    options = {id(final): {"zipmap": False}}
    if workload.method == "decision_function":
        options = {id(final): {"raw_scores": True, "zipmap": False}}
    if isinstance(workload.rows, list):  # the one locale that every machine has
        options[id(workload.model.steps[0][1])] = {"locale": "C.UTF-8"}
    converted = to_onnx(workload.model, initial_types=initial, options=options)
    return converted.SerializeToString()


def onnx_runtime(workload, _path):
    session = onnx_session(onnx_model(workload))
    name = session.get_outputs()[1].name
    binary_scores = workload.method == "decision_function"

    def numbers(rows):
        output = session.run([name], {"X": rows.astype(np.float32)})[0]
        if binary_scores:
            return output[:, -1] if output.ndim == 2 else output
        return output

    def texts(rows):
        return session.run([name], {"X": np.array(rows, dtype=object).reshape(-1, 1)})[0]

    return texts if isinstance(workload.rows, list) else numbers


def daal_trees(workload):
    """Boosted trees in oneDAL, converted without training anew."""
    try:
        import daal4py
        import treelite
    except ImportError as error:
        raise Unavailable(str(error)) from error
    model = daal4py.mb.convert_model(treelite.sklearn.import_model(workload.model))
    return model.predict_proba


def scikit_learn_intelex(workload, _path):
    """The same estimator of scikit-learn-intelex, trained anew on the same rows where oneDAL has no
    way to take a fitted model."""
    try:
        import daal4py
        import sklearnex.ensemble
        import sklearnex.linear_model
        import sklearnex.svm
    except ImportError as error:
        raise Unavailable(str(error)) from error
    daal4py.daalinit(1)
    kind = type(workload.model).__name__
    if kind.startswith("HistGradientBoosting"):
        return daal_trees(workload)
    if kind == "Pipeline":
        from sklearn.pipeline import Pipeline
        (name, vectorizer), (last_name, last) = workload.model.steps
        fast = sklearnex.linear_model.LogisticRegression(**last.get_params())
        fast.fit(vectorizer.transform(workload.fitted[0]), workload.fitted[1])
        return getattr(Pipeline([(name, vectorizer), (last_name, fast)]), workload.method)
    for module in (sklearnex.ensemble, sklearnex.linear_model, sklearnex.svm):
        if hasattr(module, kind):
            fast = getattr(module, kind)(**workload.model.get_params())
            return getattr(fast.fit(*workload.fitted), workload.method)
    raise Unavailable(f"has no {kind}")


PEERS = {"libskops": libskops, "scikit-learn": scikit_learn, "ONNX Runtime": onnx_runtime,
         "scikit-learn-intelex": scikit_learn_intelex}
