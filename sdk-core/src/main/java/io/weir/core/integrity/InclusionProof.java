package io.weir.core.integrity;

import io.weir.core.wire.Bytes;
import java.util.List;
import java.util.Objects;

/**
 * That an entry is in a tree with a certain root (RFC 9162 section 2.1.3). It may come from anybody: any values make one, and
 * those that prove nothing are told by {@link #proves}.
 *
 * @param index which leaf it is
 * @param leaves how many the tree has
 * @param path the hashes beside the way from the leaf to the root, from the leaf up
 */
public record InclusionProof(long index, long leaves, List<Bytes> path) {

    public InclusionProof {
        path = List.copyOf(path);
    }

    /**
     * Whether it proves that (RFC 9162 section 2.1.3.2).
     *
     * @param leafHash by {@link MerkleTree#leafHash}
     * @param root of a tree with {@link #leaves} leaves, from a source that is trusted with it
     */
    public boolean proves(Bytes leafHash, Bytes root) {
        Objects.requireNonNull(root, "root");
        // 1. Compare leaf_index from the inclusion_proof structure against tree_size. If leaf_index is greater than or
        // equal to
        // tree_size, then fail the proof verification.
        if (index < 0 || index >= leaves || !ProofPath.areHashes(path) || leafHash.length() != MerkleHash.LENGTH) {
            return false;
        }
        // 2. Set two variables, fn and sn: fn is set to leaf_index, and sn is set to tree_size - 1. 3. Set r to hash.
        long fn = index;
        long sn = leaves - 1;
        byte[] r = leafHash.toByteArray();
        // 4. For each value p in the inclusion_path array:
        for (Bytes p : path) {
            // a. If sn is 0, then stop the iteration and fail the proof verification.
            if (sn == 0) {
                return false;
            }
            // b. If LSB(fn) is set, or if fn is equal to sn, then: set r to HASH(0x01 || p || r); if LSB(fn) is not
            // set, then
            // right-shift both fn and sn equally until either LSB(fn) is set or fn is 0. Otherwise, set r to HASH(0x01
            // || r || p).
            if ((fn & 1) == 1 || fn == sn) {
                r = MerkleHash.node(p.toByteArray(), r);
                int shift = ProofPath.shiftToSetBit(fn);
                fn >>>= shift;
                sn >>>= shift;
            } else {
                r = MerkleHash.node(r, p.toByteArray());
            }
            // c. Finally, right-shift both fn and sn one time.
            fn >>>= 1;
            sn >>>= 1;
        }
        // 5. Compare sn to 0. Compare r against the root_hash. If sn is equal to 0 and r and the root_hash are equal,
        // then the log
        // has proven the inclusion of hash. Otherwise, fail the proof verification.
        return sn == 0 && ProofPath.equal(r, root);
    }
}
