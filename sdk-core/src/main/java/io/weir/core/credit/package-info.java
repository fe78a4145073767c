/**
 * Credit: what a receiver allows and a sender has not used, and the memory that stands behind it. {@link
 * io.weir.core.credit.SendCredit} turns credit into demand, {@link io.weir.core.credit.ReceiveWindow} turns consumption
 * into credit, and a {@link io.weir.core.credit.MemoryBudget} makes sure that nothing is granted that could not be held.
 * PROTOCOL section 4 has the rules on the wire.
 */
@NullMarked
package io.weir.core.credit;

import org.jspecify.annotations.NullMarked;
