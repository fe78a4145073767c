@NullMarked
package io.weir.core.credit;

import org.jspecify.annotations.NullMarked;
