package io.weir.samples.cli.ticket;

import io.nayuki.qrcodegen.QrCode;

/** A QR code drawn with letters, two rows of it in a line, light on dark as a terminal is. */
public final class QrText {

    /** The light border that readers want (ISO/IEC 18004 section 6.3.8). */
    private static final int BORDER = 4;

    private QrText() {}

    /** The code of that text, as lines. */
    public static String of(String text) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.LOW);
        StringBuilder drawn = new StringBuilder();
        for (int y = -BORDER; y < code.size + BORDER; y += 2) {
            for (int x = -BORDER; x < code.size + BORDER; x++) {
                boolean above = !code.getModule(x, y);
                boolean below = y + 1 < code.size + BORDER && !code.getModule(x, y + 1);
                drawn.append(above ? below ? '\u2588' : '\u2580' : below ? '\u2584' : ' ');
            }
            drawn.append('\n');
        }
        return drawn.toString();
    }
}
