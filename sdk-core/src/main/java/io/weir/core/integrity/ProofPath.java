package io.weir.core.integrity;

import io.weir.core.wire.Bytes;
import java.util.List;

/** What the two proofs have in common. */
final class ProofPath {

    /** No path is longer: one hash for each level of a tree of 2^63 leaves, and the one more that consistency has. */
    private static final int MOST_HASHES = 64;

    private ProofPath() {}

    /** Whether it can be a path at all, so that nobody is made to hash what cannot lead to a root. */
    static boolean areHashes(List<Bytes> path) {
        return path.size() <= MOST_HASHES && path.stream().allMatch(hash -> hash.length() == MerkleHash.LENGTH);
    }

    /** By how much a number is shifted to the right until its lowest bit is set or it is 0. */
    static int shiftToSetBit(long number) {
        return number == 0 ? 0 : Long.numberOfTrailingZeros(number);
    }

    /** Of hashes that everybody may know, so that it need not take as long whatever they are. */
    static boolean equal(byte[] computed, Bytes told) {
        return Bytes.view(computed, 0, computed.length).equals(told);
    }
}
