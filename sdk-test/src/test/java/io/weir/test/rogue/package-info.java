@NullMarked
package io.weir.test.rogue;

import org.jspecify.annotations.NullMarked;
