package io.weir.core.message;

import io.weir.core.error.ErrorCode;
import io.weir.core.map.LongMap;

/**
 * Refusals that were written where they may be lost, until the peer is known to have each: those that were lost are due again.
 * They cost nothing the second time. Bounded by the packets that may be acknowledged, and by what of them was lost.
 */
final class SaidRefusals {

    private static final class Said {
        private final ErrorCode code;
        private boolean lost;

        private Said(ErrorCode code) {
            this.code = code;
        }
    }

    /** In place of what a request costs: its credit went back when the first was written. */
    private static final long NOTHING_MORE = 1;

    private final LongMap<Said> under;
    private final Refusals lost = new Refusals();

    SaidRefusals(long hashSeed) {
        under = new LongMap<>(hashSeed);
    }

    /** One was written, for the first time or again. */
    void onWritten(long id, ErrorCode code) {
        Said said = under.get(id);
        if (said == null) {
            under.put(id, new Said(code));
        } else {
            said.lost = false;
            skipDone();
        }
    }

    void onAcked(long id) {
        under.remove(id);
        skipDone();
    }

    void onLost(long id) {
        Said said = under.get(id);
        if (said != null && !said.lost) {
            said.lost = true;
            lost.add(id, NOTHING_MORE, said.code);
        }
    }

    /** Whether one is to be written again. */
    boolean isDue() {
        return !lost.isEmpty();
    }

    /** Those to be written again. */
    Refusals lost() {
        return lost;
    }

    /** Whether the peer is known to have all. */
    boolean isEmpty() {
        return under.isEmpty();
    }

    /** Forgets those at the head that were written again, or have come after all. */
    private void skipDone() {
        while (!lost.isEmpty()) {
            Said said = under.get(lost.id());
            if (said != null && said.lost) {
                return;
            }
            lost.remove();
        }
    }
}
