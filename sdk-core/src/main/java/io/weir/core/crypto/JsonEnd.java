package io.weir.core.crypto;

/**
 * Where a JSON text ends. Tink reads the first value of a text and never looks at the rest, so that of two keysets the
 * second would be dropped in silence.
 */
final class JsonEnd {

    private JsonEnd() {}

    /** Whether anything but white space follows the object that the text begins with. */
    static boolean leavesSomething(String json) {
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                return !json.substring(i + 1).isBlank();
            }
        }
        return false; // it has no end: for others to say
    }
}
