package io.weir.core.integrity;

import io.weir.core.error.Legal;
import io.weir.core.wire.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A log that only grows, with one hash over all of it: the Merkle tree of RFC 9162 section 2.1, with SHA-256. It proves that an
 * entry is in it ({@link #inclusion}), and that it has only grown since ({@link #consistency}), for each size that it has had.
 *
 * <p>It keeps no entry, and the hash of each complete subtree: 64 bytes for each leaf. Appending hashes the entry and, on average,
 * one node; a root and a proof take as many steps as the tree is high, or its square at the most.
 *
 * <pre>
 *   level 2                 h(0..3)
 *                          /       \
 *   level 1           h(0..1)     h(2..3)    (h(4..5) is there once leaf 5 is)
 *                     /    \      /    \
 *   level 0          0      1    2      3      4
 * </pre>
 *
 * <p>Bounded by the number of leaves that it is made for. Not thread safe.
 */
public final class MerkleTree {

    /** No tree holds more: 2^25, which take 2 GiB. */
    public static final int MOST_LEAVES = 1 << 25;

    private static final int LENGTH = MerkleHash.LENGTH;
    private static final int FIRST_NODES = 16;

    private final int maxLeaves;
    private final List<byte[]> levels = new ArrayList<>();
    private int size;

    /**
     * An empty tree.
     *
     * @param maxLeaves it takes no more, 1 to {@link #MOST_LEAVES}
     */
    public MerkleTree(int maxLeaves) {
        Legal.range("maxLeaves", maxLeaves, 1, MOST_LEAVES);
        this.maxLeaves = maxLeaves;
    }

    /** The hash by which an entry stands in a tree: what {@link InclusionProof#proves} wants. */
    public static Bytes leafHash(byte[] entry) {
        return bytes(MerkleHash.leaf(entry));
    }

    /** How many leaves there are. */
    public int size() {
        return size;
    }

    /** Whether it takes no more. */
    public boolean isFull() {
        return size == maxLeaves;
    }

    /**
     * Appends an entry; returns its index.
     *
     * @throws IllegalStateException if the tree {@link #isFull}
     */
    public int append(byte[] entry) {
        Objects.requireNonNull(entry, "entry");
        if (isFull()) {
            throw new IllegalStateException("the tree has " + maxLeaves + " leaves and takes no more");
        }
        int index = size;
        put(0, index, MerkleHash.leaf(entry));
        size++;
        for (int level = 1; size % (1 << level) == 0; level++) {
            int node = (size >>> level) - 1;
            put(level, node, MerkleHash.node(get(level - 1, 2 * node), get(level - 1, 2 * node + 1)));
        }
        return index;
    }

    /** The hash of all of it; of an empty tree, that of no bytes. */
    public Bytes root() {
        return root(size);
    }

    /** The root that it had with its first {@code leaves} leaves, 0 to {@link #size}. */
    public Bytes root(int leaves) {
        Legal.range("leaves", leaves, 0, size);
        return bytes(leaves == 0 ? MerkleHash.empty() : hash(0, leaves));
    }

    /**
     * The proof that a leaf is in the tree as it was with that many leaves (RFC 9162 section 2.1.3.1).
     *
     * @param index 0 to {@code leaves - 1}
     * @param leaves 1 to {@link #size}
     */
    public InclusionProof inclusion(int index, int leaves) {
        Legal.range("leaves", leaves, 1, size);
        Legal.range("index", index, 0, leaves - 1);
        List<Bytes> path = new ArrayList<>();
        addPath(index, 0, leaves, path);
        return new InclusionProof(index, leaves, path);
    }

    /**
     * The proof that the tree with {@code second} leaves begins with all those of the tree with {@code first} (RFC 9162 section
     * 2.1.4.1).
     *
     * @param first 1 to {@code second}
     * @param second 1 to {@link #size}
     */
    public ConsistencyProof consistency(int first, int second) {
        Legal.range("second", second, 1, size);
        Legal.range("first", first, 1, second);
        List<Bytes> path = new ArrayList<>();
        addSubproof(first, 0, second, true, path);
        return new ConsistencyProof(first, second, path);
    }

    // ---- the recursions of the RFC over leaves start (included) to end (not included), of which start is a multiple
    // of the
    // largest power of two below end - start, or of it

    /** MTH. */
    private byte[] hash(int start, int end) {
        int leaves = end - start;
        if (Integer.bitCount(leaves) == 1) {
            int level = Integer.numberOfTrailingZeros(leaves);
            return get(level, start >>> level);
        }
        int middle = start + half(leaves);
        return MerkleHash.node(hash(start, middle), hash(middle, end));
    }

    /** PATH. */
    private void addPath(int index, int start, int end, List<Bytes> path) {
        if (end - start == 1) {
            return;
        }
        int middle = start + half(end - start);
        if (index < middle) {
            addPath(index, start, middle, path);
            path.add(bytes(hash(middle, end)));
        } else {
            addPath(index, middle, end, path);
            path.add(bytes(hash(start, middle)));
        }
    }

    /**
     * SUBPROOF.
     *
     * @param known whether the verifier has the hash of what it comes to, since it is the first tree
     */
    private void addSubproof(int first, int start, int end, boolean known, List<Bytes> path) {
        if (first == end) {
            if (!known) {
                path.add(bytes(hash(start, end)));
            }
            return;
        }
        int middle = start + half(end - start);
        if (first <= middle) {
            addSubproof(first, start, middle, known, path);
            path.add(bytes(hash(middle, end)));
        } else {
            addSubproof(first, middle, end, false, path);
            path.add(bytes(hash(start, middle)));
        }
    }

    /** The largest power of two below a number above 1. */
    private static int half(int leaves) {
        return Integer.highestOneBit(leaves - 1);
    }

    // ---- nodes

    private byte[] get(int level, int node) {
        return Arrays.copyOfRange(levels.get(level), node * LENGTH, (node + 1) * LENGTH);
    }

    private void put(int level, int node, byte[] hash) {
        if (level == levels.size()) {
            levels.add(new byte[Math.min(FIRST_NODES, most(level)) * LENGTH]);
        }
        byte[] nodes = levels.get(level);
        if (nodes.length == node * LENGTH) {
            nodes = Arrays.copyOf(nodes, Math.min(2 * node, most(level)) * LENGTH);
            levels.set(level, nodes);
        }
        System.arraycopy(hash, 0, nodes, node * LENGTH, LENGTH);
    }

    private int most(int level) {
        return maxLeaves >>> level;
    }

    private static Bytes bytes(byte[] hash) {
        return Bytes.view(hash, 0, hash.length);
    }
}
