package io.weir.core.integrity;

import io.weir.core.wire.Bytes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The definitions of RFC 9162 section 2.1, word by word, over the entries themselves: what trees are compared with. */
final class NaiveTree {

    /** The leaves that Certificate Transparency's reference implementation is tested with. */
    static final List<byte[]> REFERENCE_LEAVES = List.of(
            hex(""),
            hex("00"),
            hex("10"),
            hex("2021"),
            hex("3031"),
            hex("40414243"),
            hex("5051525354555657"),
            hex("606162636465666768696a6b6c6d6e6f"));

    private NaiveTree() {}

    static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    static String hex(Bytes bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    static MerkleTree of(List<byte[]> entries) {
        MerkleTree tree = new MerkleTree(Math.max(1, entries.size()));
        entries.forEach(tree::append);
        return tree;
    }

    static Bytes root(List<byte[]> entries) {
        return Bytes.copyOf(hash(entries));
    }

    /** PATH(m, D_n). */
    static List<Bytes> path(int m, List<byte[]> entries) {
        if (entries.size() == 1) {
            return List.of();
        }
        int k = half(entries.size());
        return m < k
                ? joined(path(m, entries.subList(0, k)), hash(entries.subList(k, entries.size())))
                : joined(path(m - k, entries.subList(k, entries.size())), hash(entries.subList(0, k)));
    }

    /** SUBPROOF(m, D_n, b). */
    static List<Bytes> subproof(int m, List<byte[]> entries, boolean b) {
        int n = entries.size();
        if (m == n) {
            return b ? List.of() : List.of(root(entries));
        }
        int k = half(n);
        return m <= k
                ? joined(subproof(m, entries.subList(0, k), b), hash(entries.subList(k, n)))
                : joined(subproof(m - k, entries.subList(k, n), false), hash(entries.subList(0, k)));
    }

    private static byte[] hash(List<byte[]> entries) {
        int n = entries.size();
        if (n == 0) {
            return sha256(new byte[0]);
        }
        if (n == 1) {
            byte[] entry = entries.get(0);
            return sha256(ByteBuffer.allocate(1 + entry.length)
                    .put((byte) 0)
                    .put(entry)
                    .array());
        }
        int k = half(n);
        return sha256(ByteBuffer.allocate(65)
                .put((byte) 1)
                .put(hash(entries.subList(0, k)))
                .put(hash(entries.subList(k, n)))
                .array());
    }

    /** The largest power of two smaller than n. */
    private static int half(int n) {
        int k = 1;
        while (2 * k < n) {
            k *= 2;
        }
        return k;
    }

    private static List<Bytes> joined(List<Bytes> path, byte[] last) {
        List<Bytes> longer = new ArrayList<>(path);
        longer.add(Bytes.copyOf(last));
        return longer;
    }

    private static byte[] sha256(byte[] input) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(input);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
