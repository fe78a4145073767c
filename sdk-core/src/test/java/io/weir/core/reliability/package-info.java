@NullMarked
package io.weir.core.reliability;

import org.jspecify.annotations.NullMarked;
