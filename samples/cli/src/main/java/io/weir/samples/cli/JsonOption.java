package io.weir.samples.cli;

import picocli.CommandLine.Option;

/** Whether results are for programs. */
final class JsonOption {

    @Option(names = "--json", description = "Results on standard output as JSON, an object a line.")
    private boolean json;

    boolean wanted() {
        return json;
    }
}
