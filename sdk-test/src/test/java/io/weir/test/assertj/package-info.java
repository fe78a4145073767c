@NullMarked
package io.weir.test.assertj;

import org.jspecify.annotations.NullMarked;
