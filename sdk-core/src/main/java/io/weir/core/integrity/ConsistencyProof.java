package io.weir.core.integrity;

import io.weir.core.wire.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * That a tree has only grown: the second begins with all leaves of the first (RFC 9162 section 2.1.4). It may come from anybody:
 * any values make one, and those that prove nothing are told by {@link #proves}.
 *
 * @param first leaves of the first tree
 * @param second leaves of the second one
 * @param path the hashes, in the order of the RFC; none where both trees have the same size
 */
public record ConsistencyProof(long first, long second, List<Bytes> path) {

    public ConsistencyProof {
        path = List.copyOf(path);
    }

    /**
     * Whether it proves that (RFC 9162 section 2.1.4.2).
     *
     * @param firstRoot of the first tree, as it was seen before
     * @param secondRoot of the second one, from a source that is trusted with it
     */
    public boolean proves(Bytes firstRoot, Bytes secondRoot) {
        Objects.requireNonNull(secondRoot, "secondRoot");
        if (first < 1 || first > second || firstRoot.length() != MerkleHash.LENGTH || !ProofPath.areHashes(path)) {
            return false;
        }
        if (first == second) {
            return path.isEmpty() && ProofPath.equal(firstRoot.toByteArray(), secondRoot);
        }
        // 1. If consistency_path is an empty array, stop and fail the proof verification.
        if (path.isEmpty()) {
            return false;
        }
        return leadsTo(firstRoot, secondRoot, fromFirst(firstRoot));
    }

    /** 2. If first is an exact power of 2, then prepend first_hash to the consistency_path array. */
    private List<Bytes> fromFirst(Bytes firstRoot) {
        if (Long.bitCount(first) != 1) {
            return path;
        }
        List<Bytes> whole = new ArrayList<>(path.size() + 1);
        whole.add(firstRoot);
        whole.addAll(path);
        return whole;
    }

    private boolean leadsTo(Bytes firstRoot, Bytes secondRoot, List<Bytes> whole) {
        // 3. Set two variables, fn and sn: fn is set to first - 1, and sn is set to second - 1.
        // 4. If LSB(fn) is set, then right-shift both fn and sn equally until LSB(fn) is not set.
        int trailing = Long.numberOfTrailingZeros(~(first - 1));
        long fn = first - 1 >>> trailing;
        long sn = second - 1 >>> trailing;
        // 5. Set both fr and sr to the first value in the consistency_path array.
        byte[] fr = whole.get(0).toByteArray();
        byte[] sr = fr;
        // 6. For each subsequent value c in the consistency_path array:
        for (Bytes c : whole.subList(1, whole.size())) {
            // a. If sn is 0, then stop the iteration and fail the proof verification.
            if (sn == 0) {
                return false;
            }
            // b. If LSB(fn) is set, or if fn is equal to sn, then: set fr to HASH(0x01 || c || fr); set sr to HASH(0x01
            // || c || sr);
            // if LSB(fn) is not set, then right-shift both fn and sn equally until either LSB(fn) is set or fn is 0.
            // Otherwise: set
            // sr to HASH(0x01 || sr || c).
            if ((fn & 1) == 1 || fn == sn) {
                fr = MerkleHash.node(c.toByteArray(), fr);
                sr = MerkleHash.node(c.toByteArray(), sr);
                int shift = ProofPath.shiftToSetBit(fn);
                fn >>>= shift;
                sn >>>= shift;
            } else {
                sr = MerkleHash.node(sr, c.toByteArray());
            }
            // c. Finally, right-shift both fn and sn one time.
            fn >>>= 1;
            sn >>>= 1;
        }
        // 7. After completing iterating through the consistency_path array as described above, verify that the fr
        // calculated is equal
        // to the first_hash supplied, that the sr calculated is equal to the second_hash supplied and that sn is 0.
        return ProofPath.equal(fr, firstRoot) && ProofPath.equal(sr, secondRoot) && sn == 0;
    }
}
