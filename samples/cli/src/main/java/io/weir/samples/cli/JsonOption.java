package io.weir.samples.cli;

import io.weir.samples.cli.json.JsonObject;
import picocli.CommandLine.Option;

/** Whether results are for programs. */
final class JsonOption {

    @Option(names = "--json", description = "Results on standard output as JSON, an object a line.")
    private boolean json;

    /** A result of one word: that alone, or an object with it under this name. */
    void print(Console console, String name, String word) {
        console.print(json ? new JsonObject().put(name, word).toString() : word);
    }

    boolean wanted() {
        return json;
    }
}
