package io.weir.samples.cli.file;

import io.weir.reactive.codec.Codec;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The receiver's answer, one element in the other direction of the stream. */
public sealed interface Receipt {

    /** How a receipt travels: {@code verified <sha-256 in hexadecimal>} or {@code refused <reason>}, in UTF-8. */
    Codec<Receipt> CODEC = Codec.of(
            receipt -> StandardCharsets.UTF_8.encode(receipt.text()),
            payload -> parse(StandardCharsets.UTF_8.decode(payload).toString()));

    /**
     * The whole file is at the receiver, under its name.
     *
     * @param sha256 the content's SHA-256 as the receiver computed it, 64 hexadecimal digits
     */
    record Verified(String sha256) implements Receipt {
        private static final int DIGITS = 64;

        public Verified {
            if (sha256.length() != DIGITS || !sha256.chars().allMatch(HexFormat::isHexDigit)) {
                throw new IllegalArgumentException("sha256 is not " + DIGITS + " hexadecimal digits");
            }
        }
    }

    /** The receiver has kept nothing of the file; why, in one line. */
    record Refused(String reason) implements Receipt {
        public Refused {
            reason = Printable.line(reason);
        }
    }

    private String text() {
        return this instanceof Verified verified
                ? "verified " + verified.sha256()
                : "refused " + ((Refused) this).reason();
    }

    private static Receipt parse(String text) {
        int space = text.indexOf(' ');
        String kind = space < 0 ? text : text.substring(0, space);
        String rest = text.substring(space + 1);
        return switch (kind) {
            case "verified" -> new Verified(rest);
            case "refused" -> new Refused(rest);
            default -> throw new IllegalArgumentException("a receipt of the kind '" + Printable.line(kind) + "'");
        };
    }
}
