"""What people call what the settings know by an id: count cards, campaigns, rewards. What is in the
settings no more keeps its id for a name.
"""

from collections.abc import Mapping

from edge.checkout.balances.points import Reward
from edge.checkout.session import Facts
from edge.checkout.shop import Language, in_language, product_name


def plan_name(plan: str, facts: Facts, language: Language) -> str:
    """A count card is called as its article, whose PLU is the plan's id."""
    product = facts.catalogue.by_code.get(plan)
    return product_name(product, language) if product else plan


def campaign_name(campaign: str, facts: Facts, language: Language) -> str:
    """What a campaign's coupons are called."""
    terms = facts.loyalty.campaigns.get(campaign) if facts.loyalty else None
    if terms is None:
        return campaign
    return in_language(language, terms.name_en, terms.name_zh) or campaign


def reward_name(reward: Reward, facts: Facts, language: Language) -> str:
    """The article that points pay for, or the coupon."""
    if reward.campaign:
        return campaign_name(reward.campaign, facts, language)
    return plan_name(reward.plu, facts, language)


def reward_names(facts: Facts, language: Language) -> Mapping[str, str]:
    """The rewards' names by their ids, as payments refer to them."""
    rewards = facts.loyalty.rewards if facts.loyalty else ()
    return {reward.id: reward_name(reward, facts, language) for reward in rewards}
