package io.weir.benchmarks.run;

import java.util.regex.Pattern;

/**
 * A build of Weir that is to be measured beside the working tree, as the command line names it.
 *
 * @param name what it is called in the report, behind {@code weir@}
 * @param where a commit, as git understands it, or a directory with a checkout
 */
record BuildOption(String name, String where) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    /** Parses {@code NAME=COMMIT} or {@code NAME=DIRECTORY}. */
    static BuildOption parse(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? "" : text.substring(0, equals);
        String where = text.substring(equals + 1);
        if (!NAME.matcher(name).matches() || where.isEmpty() || where.startsWith("-")) {
            throw new IllegalArgumentException("--build = " + text
                    + ", legal: NAME=COMMIT or NAME=DIRECTORY, with a name of letters, digits, '.', '_' and '-'");
        }
        return new BuildOption(name, where);
    }

    /** The id of the peer that it becomes. */
    String id() {
        return "weir@" + name;
    }
}
