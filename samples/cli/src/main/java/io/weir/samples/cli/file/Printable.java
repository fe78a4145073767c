package io.weir.samples.cli.file;

/**
 * What a peer said, made fit for a terminal: one line without control characters, so that no escape sequence of a
 * stranger reaches it.
 */
final class Printable {

    private static final int MAX_LENGTH = 200;
    private static final int MAX_BRIEF_LENGTH = 60;

    private Printable() {}

    /** A sentence. */
    static String line(String text) {
        return cleaned(text, MAX_LENGTH);
    }

    /** A word in a sentence. */
    static String brief(String text) {
        return cleaned(text, MAX_BRIEF_LENGTH);
    }

    static boolean hasControls(String text) {
        return text.codePoints().anyMatch(Printable::isControl);
    }

    private static String cleaned(String text, int maxLength) {
        StringBuilder cleaned = new StringBuilder();
        text.codePoints().limit(maxLength).forEach(c -> cleaned.appendCodePoint(isControl(c) ? '?' : c));
        return text.codePointCount(0, text.length()) > maxLength ? cleaned + "..." : cleaned.toString();
    }

    /** Also the invisible ones, which can turn the direction of writing. */
    private static boolean isControl(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
