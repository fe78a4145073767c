package io.weir.samples.cli;

/** How the tool ends; part of its interface, printed by {@code --help}. */
final class ExitCode {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int KEY_FILE = 3;
    static final int NOT_TRUSTED = 4;

    static final String OK_TEXT = "0:done; a file sent is verified by its receiver";
    static final String FAILED_TEXT = "1:connection, transfer or request failed, or a file was refused";
    static final String USAGE_TEXT = "2:the command line is wrong";
    static final String KEY_FILE_TEXT = "3:the key file cannot be read, is not one, or exists already";
    static final String NOT_TRUSTED_TEXT = "4:the peer is not the one expected, or does not admit this identity";

    private ExitCode() {}
}
