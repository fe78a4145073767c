/**
 * Integrity: trees that only grow, what they prove, and the votes of nodes on the roots of theirs (PROTOCOL section 1, FAST).
 *
 * <p>Pure and deterministic. What a peer says never throws: it is a proof that proves nothing, or a vote that is none.
 */
@NullMarked
package io.weir.core.integrity;

import org.jspecify.annotations.NullMarked;
