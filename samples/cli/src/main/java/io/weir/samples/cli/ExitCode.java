package io.weir.samples.cli;

/** How the tool ends; part of its interface, printed by {@code --help} in each command's own words. */
final class ExitCode {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int KEY_FILE = 3;
    static final int NOT_TRUSTED = 4;

    static final String USAGE_TEXT = "2:the command line is wrong";
    static final String KEY_FILE_TEXT = "3:the key file cannot be read, is not one, or others may read it";
    static final String NOT_TRUSTED_TEXT = "4:the peer is not the one expected, or does not admit this identity";
    static final String BROKEN_OFF_TEXT = "130:ended by its user with Ctrl-C; by SIGTERM it is 143";
    static final String NOT_LISTENED_TEXT = "1:it cannot listen there";
    static final String UNWRITTEN_TEXT = "1:standard output cannot be written";

    private ExitCode() {}
}
