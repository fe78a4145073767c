package io.weir.samples.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a closed set of values is called on the command line. */
final class Words {

    private Words() {}

    /** Their names in small letters, in their order. */
    static List<String> of(Enum<?>... values) {
        return Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
    }
}
