"""What policies decide, in other languages: by the policy's name, so that none can be forgotten unseen."""

from __future__ import annotations

MEANINGS = {
    "zh": {
        "negative_stock": "发出超过结存时：报告问题，或先按最近已知成本发出、入库后更正。",
        "customer_returns": "注明原出库单的销售退货，按当初发出的成本收回，或按当前成本收回。",
        "supplier_returns": "采购退货按当初入库的金额，或按当前成本发出；by-method：平均法按当前成本，其他方法按原金额。",
        "bill_difference": "发票价与入库价不同时：自入库日起调整入库金额；或只调整尚存部分；或全部计入价格差异。",
        "sold_share": "商品已发出、差额来得太晚时，该部分计入何处。",
        "landed_cost": "采购费用自入库日起，或自费用自身日期起计入成本。",
        "cost_scope": "全公司、每个仓库或每个批号各用一个成本。",
        "cost_of_sales": "发出商品在出库时、开票时或月末结转销售成本。",
        "revenue": "收入在开票时确认，或在出库时确认、待开票。",
        "grni_method": "暂估应付款在账上如何冲回；存货计价始终保留暂估。",
        "over_billing": "到票或开票数量超过订单（超出容差）时，是警告还是问题。",
        "over_price": "发票单价高于订单（超出容差）时，是警告还是问题。",
        "write_off_limit": "一笔收付款最多可核销的尾差：记账本位币金额，或所结清金额的比例。",
        "cost_pool_key": "成本池在当月各作业之间的分配依据：材料金额、产出数量或工时。",
        "depreciation_start": "资产自购入当月或次月开始计提折旧。",
        "storno": "退货以红字记账（负数记在原方向）。",
        "tax_rounding": "税额按行取整，或一张单据按每个税率取整一次。",
        "discount_tax": "现金折扣不影响所结清单据的税额，或相应冲减税额。",
        "input_tax": "进项税额随发票抵扣，或待认证后抵扣。",
        "fx_on_accrual": "入库与到票之间的汇率变动计入汇兑损益，或计入商品成本。",
        "advance_rate": "以外币预付、预收的商品、费用和收入，按单据汇率，或按预付（预收）日汇率计价。",
        "inventory_system": "存货随购销永续记账，或通过存货变动科目定期记账。",
        "variance": "入库与标准成本的差异计入当期费用，或月末在发出与结存之间分摊。",
        "late_documents": "日期在已结账月份的单据，以及被修改或删除的单据：报告问题，或记在下一个未结账月份的第一天。",
        "review": "哪些凭证须经审核：规则标记的，或全部。",
        "four_eyes": "审核人是否必须与提交记录的人不同。",
        "open_estimates": "当月仍有未到票的入库时，是否允许结账。",
        "sequence": "本单位单号出现断号时：不提示，`check` 警告，或 `check` 不通过且不能结账。",
    },
}  # fmt: skip
