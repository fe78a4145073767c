package io.weir.core.reliability;

/**
 * Whether a whole episode of losses was none: each packet that was taken to be lost has arrived after all, so that what the
 * episode has cost may be undone (RFC 9002 section 6.1; RFC 9438 section 4.9). An episode begins with a loss while none is open,
 * and ends when the fate of all its packets is known.
 */
final class SpuriousLoss {

    private int open;
    private boolean genuine;

    /** A packet is taken to be lost. */
    void onLost() {
        open++;
    }

    /** One of them has arrived: whether that ends an episode in which nothing was lost. */
    boolean onArrived() {
        return ended();
    }

    /** One of them has not, for so long that it never will. */
    void onForgotten() {
        genuine = true;
        ended();
    }

    private boolean ended() {
        open--;
        boolean nothingLost = open == 0 && !genuine;
        genuine &= open > 0;
        return nothingLost;
    }
}
