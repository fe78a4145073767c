package io.weir.core.integrity;

import io.weir.core.error.Legal;
import io.weir.core.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The roots of a node's trees, one for each denomination: at place 0 that of the first, and so on; zeros where one is missing. What
 * lies behind the last place is missing too, so that a set of two equals one of three whose third is missing. Immutable.
 */
public final class RootSet {

    /** The most denominations. */
    public static final int MOST_ROOTS = 64;

    /** Bytes of a root. */
    public static final int ROOT_LENGTH = MerkleHash.LENGTH;

    private static final int WORDS = ROOT_LENGTH / Long.BYTES;

    private final long[] words;

    private RootSet(long[] words) {
        this.words = words;
    }

    /**
     * A set of these, by place.
     *
     * @param roots 1 to {@link #MOST_ROOTS} of 32 bytes each, or of none where one is missing
     */
    public static RootSet of(List<Bytes> roots) {
        if (roots.isEmpty() || roots.size() > MOST_ROOTS) {
            throw new IllegalArgumentException("roots are " + roots.size() + "; legal: 1 to " + MOST_ROOTS);
        }
        ByteBuffer all = ByteBuffer.allocate(roots.size() * ROOT_LENGTH);
        for (Bytes root : roots) {
            if (root.length() != ROOT_LENGTH && !root.isEmpty()) {
                throw new IllegalArgumentException(
                        "a root has " + root.length() + " bytes; legal: " + ROOT_LENGTH + ", or 0 where it is missing");
            }
            all.put(all.position(), root.toByteArray()).position(all.position() + ROOT_LENGTH);
        }
        return read(all, 0, roots.size());
    }

    /** Those at a place of a buffer, whose position stays. */
    static RootSet read(ByteBuffer from, int at, int roots) {
        long[] words = new long[roots * WORDS];
        for (int i = 0; i < words.length; i++) {
            words[i] = from.getLong(at + i * Long.BYTES);
        }
        return new RootSet(words);
    }

    /** How many places it has, 1 to {@link #MOST_ROOTS}; the last of them may be missing too. */
    public int size() {
        return words.length / WORDS;
    }

    /** The root of a denomination: 32 bytes, zeros where it is missing. */
    public Bytes root(int denomination) {
        Legal.range("denomination", denomination, 0, MOST_ROOTS - 1);
        ByteBuffer root = ByteBuffer.allocate(ROOT_LENGTH);
        for (int i = 0; i < WORDS; i++) {
            root.putLong(word(denomination * WORDS + i));
        }
        return Bytes.view(root.array(), 0, ROOT_LENGTH);
    }

    /** Writes all of them at the buffer's position, which moves. */
    void write(ByteBuffer to) {
        for (long word : words) {
            to.putLong(word);
        }
    }

    /**
     * Whether those at a place of a buffer are the same. It takes as long wherever the first difference is: how long an answer takes
     * is seen by whoever asks, and would let one who has no root find it piece by piece.
     */
    boolean matches(ByteBuffer asked, int at, int roots) {
        int most = Math.max(words.length, roots * WORDS);
        long difference = 0;
        for (int i = 0; i < most; i++) {
            difference |= word(i) ^ (i < roots * WORDS ? asked.getLong(at + i * Long.BYTES) : 0);
        }
        return difference == 0;
    }

    private long word(int index) {
        return index < words.length ? words[index] : 0;
    }

    /** By what is in it, wherever it ends; takes as long wherever the first difference is. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof RootSet that)) {
            return false;
        }
        long difference = 0;
        for (int i = 0; i < Math.max(words.length, that.words.length); i++) {
            difference |= word(i) ^ that.word(i);
        }
        return difference == 0;
    }

    @Override
    public int hashCode() {
        int end = words.length;
        while (end > 0 && words[end - 1] == 0) {
            end--;
        }
        return Arrays.hashCode(Arrays.copyOf(words, end));
    }

    @Override
    public String toString() {
        return size() + " roots";
    }
}
