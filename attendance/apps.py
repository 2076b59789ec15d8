from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "attendance"
    verbose_name = "Kehadiran"
    default_auto_field = "django.db.models.BigAutoField"
