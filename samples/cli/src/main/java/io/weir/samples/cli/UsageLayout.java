package io.weir.samples.cli;

import picocli.CommandLine.Model.CommandSpec;

/** How the help of each command is laid out. */
final class UsageLayout {

    private static final int WIDTH = 100;

    private UsageLayout() {}

    /** Lays it out so. */
    static void apply(CommandSpec spec) {
        spec.usageMessage()
                .sortOptions(false)
                .width(WIDTH)
                .synopsisHeading("Usage: ")
                .descriptionHeading("%n")
                .parameterListHeading("%n")
                .optionListHeading("%nOptions:%n")
                .exitCodeListHeading("%nExit codes:%n")
                .footerHeading("%nExamples:%n")
                .commandListHeading("%nCommands:%n");
    }
}
