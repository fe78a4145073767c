/**
 * What can go wrong and how it is told: the one table of error codes that both ends of the wire share, the reason with
 * which anything ends, and the exceptions that carry such a reason to the caller. Numbers cross the wire, texts never
 * do.
 */
@NullMarked
package io.weir.core.error;

import org.jspecify.annotations.NullMarked;
