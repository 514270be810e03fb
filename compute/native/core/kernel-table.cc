#include "core/kernel-table.h"

namespace lathe {
namespace {

std::vector<KernelTableBase*>& registry() {
  static std::vector<KernelTableBase*> tables;
  return tables;
}

}  // namespace

bool supports(const CpuFeatures& features, const KernelRow& row) {
  return supports(features, row.isa) && (row.needs == nullptr || features.*row.needs);
}

KernelTableBase::KernelTableBase(const char* op, std::vector<KernelRow> rows) : op_(op), rows_(std::move(rows)) {
  chosen_ = &best(cpuFeatures(), Isa::Amx);
  registry().push_back(this);
}

const KernelRow& KernelTableBase::best(const CpuFeatures& features, Isa cap) const {
  const KernelRow* found = &rows_.front();
  for (const KernelRow& row : rows_)
    if (row.isa <= cap && supports(features, row) && row.isa >= found->isa) found = &row;
  return *found;
}

void KernelTableBase::choose(Isa cap) { chosen_ = &best(cpuFeatures(), cap); }

bool KernelTableBase::force(const std::string& name) {
  for (const KernelRow& row : rows_) {
    if (name != row.name || !supports(cpuFeatures(), row)) continue;
    chosen_ = &row;
    return true;
  }
  return false;
}

const std::vector<KernelTableBase*>& kernelTables() { return registry(); }

void chooseKernels(Isa cap) {
  for (KernelTableBase* table : registry()) table->choose(cap);
}

}  // namespace lathe
