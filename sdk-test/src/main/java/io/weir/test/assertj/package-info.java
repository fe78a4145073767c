/** Assertions in AssertJ's style. {@link io.weir.test.assertj.WeirAssertions} is the way in. Call them on the test's thread. */
@NullMarked
package io.weir.test.assertj;

import org.jspecify.annotations.NullMarked;
