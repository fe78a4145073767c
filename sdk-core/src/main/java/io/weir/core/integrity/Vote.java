package io.weir.core.integrity;

import org.jspecify.annotations.Nullable;

/** What a node says to the roots of another: whether its own are the same, all of them. */
public enum Vote {
    /** At least one is another. */
    DISAGREE(0),
    /** All are the same. */
    AGREE(1);

    private final byte number;

    Vote(int number) {
        this.number = (byte) number;
    }

    /** The vote of that number on the wire; null if it is none. */
    public static @Nullable Vote of(byte number) {
        return number == AGREE.number ? AGREE : number == DISAGREE.number ? DISAGREE : null;
    }

    /** Its number on the wire. */
    public byte number() {
        return number;
    }
}
