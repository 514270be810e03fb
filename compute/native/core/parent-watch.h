// Ends the process when the one that started it is gone. JavaScript would hear of it only between two kernels, which may be many seconds later.
#pragma once

namespace lathe {

// Watches process `parent` from a thread of its own and ends this process at once, without any clearing up, when it has gone.
// A parent that is gone already, or that is not this process's parent, is not watched. The first call counts.
void endWithParent(int parent);

}  // namespace lathe
